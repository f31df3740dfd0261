/** Entry of `validate` alone, which is asked often and is to answer at once. */
import { runProgram } from './program.ts'
import { validateCommand } from './validate.ts'

/** Runs a command line; resolves to its exit code. */
export const main = (argv: readonly string[]): Promise<number> => runProgram(argv, (ended) => [validateCommand(ended)])
