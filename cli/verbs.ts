/** The ordered list of verbs. */
import type { Command } from 'commander'
import { runCommand } from './run.ts'

/** Every verb; `ended` takes its exit code. */
export const verbs = (ended: (code: number) => void): readonly Command[] => [runCommand(ended)]
