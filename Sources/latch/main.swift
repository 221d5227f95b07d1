import LatchCommands

LatchCommand.prepare()
await LatchCommand.launch()
