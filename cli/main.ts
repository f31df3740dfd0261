/** Entry of the command line. Heavy rooms are loaded by the verb that needs them, so that --help answers at once. */
import { runProgram } from './program.ts'
import { verbs } from './verbs.ts'

/** Runs a command line; resolves to its exit code. */
export const main = (argv: readonly string[]): Promise<number> => runProgram(argv, verbs)
