/** The ordered list of verbs. */
import type { Command } from 'commander'
import { certsCommand } from './certs.ts'
import { doctorCommand } from './doctor.ts'
import { proveCommand } from './prove.ts'
import { reportCommand } from './report.ts'
import { requirementsCommand } from './requirements.ts'
import { runCommand } from './run.ts'
import { simulateCommand } from './simulate.ts'
import { validateCommand } from './validate.ts'

/** Every verb; `ended` takes its exit code. */
export const verbs = (ended: (code: number) => void): readonly Command[] => [
  runCommand(ended),
  doctorCommand(ended),
  simulateCommand(ended),
  proveCommand(ended),
  requirementsCommand(ended),
  validateCommand(ended),
  reportCommand(ended),
  certsCommand(ended),
]
