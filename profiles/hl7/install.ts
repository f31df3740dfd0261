/** Fetches HL7's validator from Maven Central with the user's own Maven. Nobody calls this but the user: it is no part of install or test. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { HarnessError } from '../../harness/errors.ts'

/** Name of the runnable jar; its libraries lie in lib/ beside it. */
export const jarName = 'hl7-validator.jar'

/** Runs Maven and gives the path of the jar. Throws `bad-input` with the remedy. */
export async function installHl7(folder: string, say: (line: string) => void): Promise<string> {
  const launcher = join(import.meta.dirname, 'launcher', 'pom.xml')
  const given = ['-B', '-ntp', '-f', launcher, `-Dinto=${folder}`, 'package']
  const code = await new Promise<number | null>((resolve, reject) => {
    // On Windows Maven is a script, which runs in a shell alone; and a shell wants its words quoted.
    const inShell = process.platform === 'win32'
    const maven = spawn(
      inShell ? `mvn.cmd ${given.map((word) => `"${word}"`).join(' ')}` : 'mvn',
      inShell ? [] : given,
      { shell: inShell, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    for (const stream of [maven.stdout, maven.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        for (const line of text.split('\n')) if (/ERROR|BUILD|Copying|Building jar/.test(line)) say(line.trimEnd())
      })
    maven.on('error', reject)
    maven.on('close', resolve)
  }).catch((cause: NodeJS.ErrnoException) => {
    throw new HarnessError('bad-input', 'Maven cannot be started', {
      cause,
      remedy: "install Maven and a JDK 17, or get HL7's validator_cli.jar yourself and name it with --jar",
    })
  })
  if (code !== 0)
    throw new HarnessError('cannot-reach', `Maven ended with code ${code}`, {
      remedy:
        "its last lines say why: Maven Central must be reachable and a JDK 17 there; or get HL7's validator_cli.jar yourself and name it with --jar",
    })
  return join(folder, jarName)
}
