import LatchCommands
import Tokens

await LatchCommand.launch(tokens: WebTokens())
