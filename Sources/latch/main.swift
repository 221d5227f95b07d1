import LatchCommands

await LatchCommand.launch()
