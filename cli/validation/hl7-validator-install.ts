/** `npm run hl7-validator:install`: HL7's validator into the folder where `validate --engine hl7` looks for it. */
import { isHarnessError } from '../../harness/errors.ts'
import { installHl7 } from '../../profiles/hl7/install.ts'
import { hl7Folder } from './hl7-jar.ts'

try {
  const jar = await installHl7(hl7Folder(), (line) => process.stdout.write(`${line}\n`))
  process.stdout.write(`\nHL7's validator is at ${jar}; try: npx vitruvian validate FILE --engine both\n`)
} catch (error) {
  if (!isHarnessError(error)) throw error
  process.stderr.write(`${error.message}\n  ${error.remedy ?? ''}\n`)
  process.exitCode = 2
}
