/** Where HL7's validator lies: named by the user, by the environment, or where the install script left it. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { jarName } from '../../profiles/hl7/install.ts'

export const hl7Folder = (): string => join(homedir(), '.vitruvian', 'hl7-validator')

/** The jar to use. */
export const hl7Jar = (named: string | undefined): string =>
  resolve(named ?? process.env.VITRUVIAN_HL7_VALIDATOR ?? join(hl7Folder(), jarName))
