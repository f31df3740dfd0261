/** PDex "Dynamic Client Registration": a signed registration over mutual TLS gives the credential for the match. */
import { type Check, check, undecided } from '../../../harness/check.ts'
import { answered, type Exchange } from '../../../harness/transcript.ts'
import { judgeRegistrationRefusal } from '../../auth/checks/registration-refusals.ts'
import { brokenStatements, strangersStatements } from '../../auth/mistakes.ts'
import { isSound, judgeMistakes, metadataSent, said, succeeded } from '../../auth/oauth.ts'
import { wrongAnswer } from '../../core/judging.ts'

const isSigned = (x: Exchange): boolean => metadataSent(x).software_statement !== undefined || x.intent.form === 'jwt'

export const registersBySignedStatement = check(
  'PDEX-099',
  'DESC',
  'A client registers with a signed JWT and gets a client id',
  (transcript) => {
    const x = transcript.last('register', { where: (one) => isSound(one) && isSigned(one) })
    const { client_id: id } = said(x)
    if (succeeded(x) && typeof id === 'string') return []
    return [
      wrongAnswer(x, 'refused', `a registration by a signed JWT was answered ${answered(x).status}`, {
        expected: '201 with a client_id',
        actual: said(x).error_description ?? said(x).error ?? answered(x).status,
      }),
    ]
  },
)

export const refusesBadStatements = check(
  'PDEX-099',
  'DESC',
  'A registration by a JWT that does not hold is refused',
  (transcript) =>
    judgeMistakes(transcript, 'register', [...brokenStatements, ...strangersStatements], judgeRegistrationRefusal),
)

export const registersPublicKeys = check(
  'PDEX-224',
  'SHOULD',
  'Clients register with a public key, by SMART or by UDAP',
  (transcript) => {
    const byKey = transcript.some('register', {
      where: (x) => isSound(x) && metadataSent(x).token_endpoint_auth_method === 'private_key_jwt',
    })
    const good = byKey.find((x) => succeeded(x) && said(x).token_endpoint_auth_method === 'private_key_jwt')
    if (good) return []
    const x = byKey.at(-1) as Exchange
    if (succeeded(x) && said(x).token_endpoint_auth_method === undefined)
      return [undecided(x, 'the answer does not say how the client will authenticate')]
    return [
      wrongAnswer(x, 'not-taken', 'a client with a public key was not registered as one', {
        expected: 'private_key_jwt',
        actual: said(x).token_endpoint_auth_method ?? said(x).error,
        expression: 'token_endpoint_auth_method',
      }),
    ]
  },
)

export const registrationChecks: readonly Check[] = [
  registersBySignedStatement,
  refusesBadStatements,
  registersPublicKeys,
]
