/** README.md of the kit: where everything answers, who is who, who is insured, and the way from trust to data in commands. */
import type { ActorName, Identity, Places } from '../harness/actor.ts'
import type { Editions } from '../harness/edition.ts'
import type { Person } from '../harness/person.ts'

/** What a kit is made from. */
export interface Kit {
  readonly editions: Editions
  readonly identities: Readonly<Record<ActorName, Identity>>
  readonly people: readonly Person[]
  /** PEM. */
  readonly roots: readonly string[]
  /** Folder of the authorities. */
  readonly certs: string
  readonly hooks: { readonly url: string; readonly key: string }
  readonly places: Places
  /** Base of the trust manager, and what opens its desk. */
  readonly trust: string
  readonly deskToken: string
  readonly now: Date
}

export const dashed = (name: string): string => name.toLowerCase().replaceAll(' ', '-')

/** Markdown. Commands are for a POSIX shell in the folder of the kit. */
export const kitReadme = (kit: Kit): string => `# The kit of the simulated payer

Written anew by each \`vitruvian simulate\`. All keys and people are made up; no file has a password.

## Where it answers

| | |
|---|---|
| FHIR, behind mutual TLS | ${kit.places.fhir} |
| discovery, ordinary TLS | ${kit.places.open} |
| registration, token | ${auth(kit)}/register, ${auth(kit)}/token |
| trust manager's desk | ${kit.trust}/tm |
| endpoint bundles | ${kit.trust}/repo.git, ${kit.trust}/repo/main/bundles |
| certificates, revocation | ${kit.trust}/ca/requests, ${kit.trust}/ca/crl, ${kit.trust}/ca/ocsp |

## Who is who

| file | organization | URI in the certificate | identifier | signs JWTs with |
|---|---|---|---|---|
${(['requesting payer', 'another payer', 'responding payer'] as const).map((actor) => rowOf(actor, kit.identities[actor])).join('\n')}

\`<who>.pem\` is the certificate with its issuer, to be sent whole; \`<who>.key\` its key; \`<who>-signing.key\` signs assertions, and
\`<who>-jwks.json\` is the public half, as a registration takes it. All PEM (PKCS#8), but the JWK sets. \`root.pem\` is the root to trust,
\`trust-manager.token\` opens the trust manager's desk for a week, \`hooks.key\` the test hooks. The two clients are members already.

## Who is insured

\`people/<name>.json\` is the record that the payer holds, \`<name>-submitted.json\` what a new plan submits, \`<name>-match.json\` the
whole body of \`$member-match\` as ${kit.identities['requesting payer'].name} would post it, with a consent to share everything.

| person | part |
|---|---|
${kit.people.map(({ name, part }) => `| ${name} | ${part} |`).join('\n')}

## From trust to data

\`\`\`sh
alias ask='curl -sS --cacert root.pem --cert requesting-payer.pem --key requesting-payer.key'

# Discovery
curl -sS --cacert root.pem ${kit.places.open}/.well-known/smart-configuration

# Registration: the certificate as credential, then no assertion is needed ...
ask -H 'Content-Type: application/json' ${auth(kit)}/register -d '{"client_name":"My client","grant_types":["client_credentials"],
  "token_endpoint_auth_method":"tls_client_auth","tls_client_auth_san_uri":"${kit.identities['requesting payer'].uri}"}'
# ... or a key: "token_endpoint_auth_method":"private_key_jwt","jwks":<requesting-payer-jwks.json>. Its assertions have alg
# ${kit.identities['requesting payer'].signing?.alg}, the kid of that set, iss and sub = client_id, aud = ${auth(kit)}/token, a jti, and live 300 s at most.

# Token for the operation, with the client_id of the answer
ask ${auth(kit)}/token -d grant_type=client_credentials -d client_id=$CLIENT \\
  -d scope=http://hl7.org/fhir/us/davinci-hrex/OperationDefinition/member-match

# $member-match
ask -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/fhir+json' \\
  '${kit.places.fhir}/Patient/$member-match' -d @people/ana-adams-match.json

# Token for the member's data, with the id of MemberId; in an assertion it may also stand in sub
ask ${auth(kit)}/token -d grant_type=client_credentials -d client_id=$CLIENT -d patient=$PATIENT -d 'scope=patient/*.rs'

# Data
ask -H "Authorization: Bearer $MEMBER" "${kit.places.fhir}/Condition?patient=$PATIENT"
ask -H "Authorization: Bearer $MEMBER" "${kit.places.fhir}/Patient/$PATIENT/\\$everything"
ask -H "Authorization: Bearer $MEMBER" -H 'Prefer: respond-async' -i "${kit.places.fhir}/Patient/\\$export"
\`\`\`

## Change what is true

\`\`\`sh
# A consent is revoked, an export fails, a certificate is revoked, ...: harness/fixture.ts has them all
ask -H "Authorization: Bearer $(cat hooks.key)" ${kit.hooks.url}/tenants/payer/fixtures \\
  -d '{"is":"consent-revoked","person":"Ana Adams","payer":"requesting payer"}'
\`\`\`

## Join as somebody else

\`\`\`sh
# A certificate of the community
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout my.key -out my.csr \\
  -subj '/CN=My Plan/O=My Plan' -addext 'subjectAltName=URI:https://my-plan.example/payer'
curl -sS --cacert root.pem ${kit.trust}/ca/requests --data-binary @my.csr -o my.pem

# The application: certificate and signed agreement. The trust manager verifies and endorses it
desk() { curl -sS --cacert root.pem -H "Authorization: Bearer $(cat trust-manager.token)" -H 'Content-Type: application/json' "$@"; }
echo 'I keep the rules.' > agreement.txt
printf '{"organization":{"name":"My Plan","identifiers":[{"system":"urn:oid:2.16.840.1.113883.6.300","value":"99001"}]},
  "identityCertificate":"%s","agreement":"%s","agreementSignature":"%s"}' "$(awk '{printf "%s\\\\n",$0}' my.pem)" \\
  "$(openssl base64 -A -in agreement.txt)" "$(openssl dgst -sha256 -sign my.key agreement.txt | openssl base64 -A)" > application.json
desk ${kit.trust}/tm/submissions -d @application.json
desk -X POST ${kit.trust}/tm/submissions/$ID/verify
desk -X POST ${kit.trust}/tm/submissions/$ID/endorse

# The bundle (PDex mtls-bundle; the payer's own on main is a model), signed with the endorsed key: signature.data is the base64
# of a detached JWS (with x5c) over the bundle without signature, id and meta, as canonical JSON. It is reviewed and merged; the
# git repository itself is for reading
desk -X PUT ${kit.trust}/repo/branches/my-plan/bundles/my-plan.json -d @bundle.json
desk ${kit.trust}/repo/merge-requests -d '{"branch":"my-plan"}'
desk -X POST ${kit.trust}/repo/merge-requests/$ID/approve
\`\`\`

The payer looks at main and at revocation again after some seconds. \`vitruvian simulate\` prints every request with who asked and, where
it was refused, why.
`

const auth = ({ places }: Kit): string => new URL('auth', places.fhir).href

const rowOf = (actor: ActorName, { name, uri, identifier, signing }: Identity): string =>
  `| \`${dashed(actor)}\` | ${name} | ${uri} | ${identifier.system}\\|${identifier.value} | ${signing?.alg ?? ''} |`
