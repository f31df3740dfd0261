/** The phrases of the authorization sentences, and what each stands for: what is judged, what is asked. */
import type { AskedAbout } from '../flows/introspect.ts'
import type { SubjectMode } from '../flows/request-token.ts'
import type { TokenKind } from '../flows/tokens.ts'
import * as binding from '../guides/auth/checks/binding.ts'
import * as discovery from '../guides/auth/checks/discovery.ts'
import * as introspection from '../guides/auth/checks/introspection.ts'
import * as rotation from '../guides/auth/checks/key-rotation.ts'
import * as keys from '../guides/auth/checks/keys.ts'
import * as management from '../guides/auth/checks/management.ts'
import * as mutualTls from '../guides/auth/checks/mutual-tls.ts'
import * as registration from '../guides/auth/checks/registration.ts'
import * as registrationRefusals from '../guides/auth/checks/registration-refusals.ts'
import * as registrationRequest from '../guides/auth/checks/registration-request.ts'
import * as resource from '../guides/auth/checks/resource.ts'
import * as scopes from '../guides/auth/checks/scopes.ts'
import * as serverMetadata from '../guides/auth/checks/server-metadata.ts'
import * as subject from '../guides/auth/checks/subject.ts'
import * as token from '../guides/auth/checks/token.ts'
import * as tokenRequest from '../guides/auth/checks/token-request.ts'
import * as transport from '../guides/auth/checks/transport.ts'
import * as udap from '../guides/auth/checks/udap.ts'
import * as udapRegistration from '../guides/auth/checks/udap-registration.ts'
import * as udapToken from '../guides/auth/checks/udap-token.ts'
import * as hrex from '../guides/hrex/checks/token.ts'
import * as pdexRegistration from '../guides/pdex/checks/registration.ts'
import * as pdexToken from '../guides/pdex/checks/token.ts'
import type { Check } from '../harness/check.ts'

type Habits = Readonly<Record<string, readonly Check[]>>

/** Why a request is refused, and what must hold of such a refusal. */
export const refusals: Habits = {
  'the statement does not hold': [registrationRefusals.refusesBadRegistrations, pdexRegistration.refusesBadStatements],
  'the statement breaks a rule of the community': [registrationRefusals.refusesBadRegistrations],
  'the metadata contradicts itself': [registrationRefusals.refusesBadRegistrations],
  'the caller is a stranger': [registration.keepsStrangersOut],
  'the UDAP statement does not hold': [udapRegistration.validatesStatements],
  'the assertion does not hold': [token.validatesAssertions, token.saysInvalidClient],
  'the assertion was used before': [token.refusesReplays, token.saysInvalidClient],
  'the assertion lives too long': [token.refusesLongLives],
  'the client is unknown': [token.knowsItsClients, token.saysInvalidClient],
  'the key set was never registered': [token.ignoresStrangeKeySets, token.saysInvalidClient],
  'no one key is found': [token.findsOneKey, token.saysInvalidClient],
  'the algorithm is none to believe': [keys.validatesAlgorithms, token.saysInvalidClient],
  'it is no token request': [token.saysWhatIsWrong],
  'it asks for more than was registered': [scopes.staysWithinRegistration],
  'it does not say who asks': [udapToken.grantsByAssertion],
  'it was not registered': [scopes.grantsWhatWasRegistered],
  'the audience is another string': [udapToken.comparesUrisExactly],
  'the token is not good for it': [resource.validatesTokens, resource.challengesStrangers],
  'the token is for the match alone': [
    resource.validatesTokens,
    pdexToken.matchTokenMatchesOnly,
    management.firstCredentialMatches,
  ],
  'the token is for data alone': [resource.validatesTokens],
  'the token is of another member': [subject.confinesToTheMember, pdexToken.limitsToThePatient],
  'no consent is in force': [pdexToken.asksForConsentAtIssue],
  'the consent has ended since': [subject.asksForConsentAgain],
  'the scope does not cover it': [scopes.refusesBeyondScope],
}

/** What a server does well. */
export const serverHabits: Habits = {
  'can be discovered by everybody': [
    discovery.servesSmart,
    discovery.listsRequiredKeys,
    discovery.listsAbsoluteUrls,
    discovery.advertisesBackendServices,
    serverMetadata.servesServerMetadata,
    introspection.offersIntrospection,
    hrex.assuresIdentity,
  ],
  'tells of mutual TLS in its metadata': [serverMetadata.advertisesMutualTls],
  'has sound UDAP metadata': [
    udap.servesMetadata,
    udap.listsRequiredMetadata,
    udap.signsMetadata,
    udap.knowsCommunities,
  ],
  'registers the client': [
    registration.answersRegistration,
    management.offersManagement,
    pdexRegistration.registersBySignedStatement,
    pdexRegistration.registersPublicKeys,
  ],
  'registers the client by what it says plainly': [registration.answersRegistration],
  'ignores what it does not know': [registration.ignoresUnknownMembers],
  'puts what was signed before what was not': [registration.signedOutranksPlain],
  'lets a registration be managed by its own token': [management.managesRegistrations],
  'takes keys inline and by URL': [keys.takesBothKindsOfKeySets],
  'believes no key that is there twice': [keys.wantsOneKey],
  'forgets keys that were withdrawn': [rotation.forgetsWithdrawnKeys],
  'understands RSA signatures': [udapToken.understandsRsa],
  'registers UDAP clients': [udapRegistration.validatesStatements],
  'changes and ends UDAP registrations': [udapRegistration.modifiesAndCancels],
  'gives UDAP clients tokens': [udapToken.grantsByAssertion],
  'grants the token': [token.grantsWell, token.forbidsStoring, scopes.grantsOperationScope],
  'grants the token for the member': [token.grantsWell, token.forbidsStoring],
  'takes the member from the subject': [subject.takesMemberAsSubject],
  'ties the token to that subject': [subject.bindsToTheSubject],
  'takes an identifier for the member': [pdexToken.takesIdentifier],
  'resolves the identifier to the member': [pdexToken.resolvesIdentifier],
  'ties the token to the certificate': [binding.tiesTokensToCertificates, hrex.tiesTokens, hrex.bindsTokens],
  'grants every scope that it lists': [discovery.offersItsScopes],
  'reads both syntaxes of scopes': [scopes.knowsBothSyntaxes],
  'grants nothing out of order': [scopes.grantsNoDisorder],
  'limits what is read by the search in the scope': [scopes.limitsBySearch],
  'forgets ids whose time is over': [udapToken.forgetsExpiredIds],
  'describes the token': [introspection.describesActiveTokens],
  'tells nothing of tokens that are not active': [introspection.hidesInactiveTokens],
  'wants to know who asks': [introspection.knowsWhoAsks],
  'speaks current TLS alone': [transport.speaksCurrentTlsOnly],
  'wants certificates of an authority that name a URI': [transport.wantsNamedCertificates],
}

/** What a client does well. */
export const clientHabits: Habits = {
  'registered as it should': [
    registrationRequest.clientPostsJson,
    registrationRequest.clientSendsOneKeySet,
    registrationRequest.clientStatesItsTerms,
    keys.publishesSoundKeys,
  ],
  'publishes its keys for everybody': [keys.publishesKeysOpenly, keys.publishesSoundKeys],
  'asked for its token as it should': [
    discovery.clientReadsFirst,
    tokenRequest.clientPostsForm,
    tokenRequest.clientSignsWell,
    tokenRequest.clientClaimsWell,
  ],
  'names itself beside its certificate': [mutualTls.sendsClientId],
  'signs with RSA and with elliptic curves': [keys.clientsSignBothWays],
  'named the member in the subject': [pdexToken.clientNamesMemberInSub],
  'keeps its token at home': [resource.keepsTokensHome],
  'registered as UDAP wants it': [udap.clientBelievesTheSigned, udapRegistration.clientStatesWell],
  'asserted what UDAP wants': [udapToken.clientAsserts],
}

export interface Naming {
  readonly subjectMode?: SubjectMode
  readonly byIdentifier?: boolean
}
/** Where, or by what, a member is named in a token request. */
export const namings: Readonly<Record<string, Naming>> = {
  'in the subject of the assertion': { subjectMode: 'sub' },
  'in an extension of the assertion': { subjectMode: 'extension' },
  'in a parameter': { subjectMode: 'parameter' },
  'by the member identifier alone': { byIdentifier: true },
}

export interface Asking {
  readonly kind: TokenKind
  readonly about?: AskedAbout
  readonly anonymous?: boolean
  readonly falsely?: boolean
}
/** What is asked about a token. */
export const askings: Readonly<Record<string, Asking>> = {
  'its token to match members is good for': { kind: 'match' },
  'its token for the data is good for': { kind: 'member' },
  'a token that nobody issued is good for': { kind: 'match', about: 'a token that nobody issued' },
  'its token to match members is good for, without saying who it is': { kind: 'match', anonymous: true },
  "its token to match members is good for, with a stranger's key": { kind: 'match', falsely: true },
}
