@trust @registration
Feature: Registering a client
  A payer whom the community trusts registers its client with another payer, over
  mutual TLS and by a statement that it signs. Nobody else does, and no statement
  that does not hold is believed.

  PDex, "Dynamic Client Registration"; RFC 7591, RFC 7592, RFC 8705; UDAP Security 2.0, "Registration".

  Background:
    Given the payers belong to the trust community

  Rule: A member of the community registers in any of the forms

    @AUTH-021 @AUTH-022 @AUTH-025 @AUTH-027 @AUTH-028 @AUTH-041 @PDEX-099 @PDEX-224
    Scenario Outline: <who> registers with a signed software statement
      When <who> registers with the responding payer
      Then the server registers the client
      And the client registered as it should

      Examples:
        | who                  |
        | the requesting payer |
        | another payer        |

    @AUTH-022
    Scenario Outline: The requesting payer registers <manner>
      When the requesting payer registers with the responding payer <manner>
      Then the server registers the client by what it says plainly

      Examples:
        | manner                               |
        | with plain JSON                      |
        | with a signed statement alone        |
        | with the URL of its key set          |
        | with its certificate as its credential |
        | with the scope of the operation alone |

    @AUTH-024
    Scenario: Metadata that the server does not know is no reason to refuse
      When the requesting payer registers with the responding payer
      And the requesting payer registers with the responding payer with a member that nobody knows
      Then the server ignores what it does not know

    @AUTH-026
    Scenario: What was signed goes before what was only said
      When the requesting payer registers with the responding payer with another name beside the statement than in it
      Then the server puts what was signed before what was not

  Rule: Keys are published, and what is published counts

    @AUTH-040
    Scenario: Keys are taken inline and by the URL of a key set
      When the requesting payer registers with the responding payer with the URL of its key set
      And the requesting payer registers with the responding payer
      And the requesting payer asks the responding payer for a token to match members
      And the requesting payer registers with the responding payer with the URL of its key set
      And the requesting payer asks the responding payer for a token to match members
      Then the server takes keys inline and by URL

    @AUTH-041 @AUTH-042
    Scenario: Anybody may read a client's key set
      When a stranger fetches the JWK set of the requesting payer
      Then the client publishes its keys for everybody

    @AUTH-045
    Scenario: A key that was withdrawn is good no more
      When the requesting payer registers with the responding payer with the URL of its key set
      And a stranger fetches the JWK set of the requesting payer
      And the requesting payer asks the responding payer for a token to match members
      And the requesting payer withdraws its key
      And 62 seconds pass
      And the requesting payer asks the responding payer for a token to match members
      Then the server forgets keys that were withdrawn

    @AUTH-054
    Scenario: Two keys of one id are one too many
      When the requesting payer registers with the responding payer
      And the requesting payer asks the responding payer for a token to match members
      And the requesting payer registers with the responding payer with two keys of the same id
      And the requesting payer asks the responding payer for a token to match members
      Then the server believes no key that is there twice

  Rule: Who is not trusted, or cannot prove what they say, is not registered

    @AUTH-023 @PDEX-099
    Scenario Outline: A registration comes <mistake>
      When the requesting payer registers with the responding payer
      And the requesting payer registers with the responding payer <mistake>
      Then the request is refused because the statement does not hold

      Examples:
        | mistake                                                      |
        | with a statement that is not signed                          |
        | with a statement that is no JWT                              |
        | with a statement that was altered after signing              |
        | with a statement signed by another key than its certificate  |
        | with a statement that has expired                            |
        | with a statement for another server                          |
        | with a statement whose issuer is not in its certificate      |
        | with a statement whose certificate is signed by itself       |
        | with a statement whose certificate nobody trusts             |

    @AUTH-023
    Scenario Outline: A registration comes <mistake>
      When the requesting payer registers with the responding payer
      And the requesting payer registers with the responding payer <mistake>
      Then the request is refused because the statement breaks a rule of the community

      Examples:
        | mistake                                    |
        | with a statement that lives an hour        |
        | with a statement about another subject     |
        | with a statement without a jti             |
        | with a statement that was used before      |

    @AUTH-023
    Scenario Outline: A registration comes <mistake>
      When the requesting payer registers with the responding payer
      And the requesting payer registers with the responding payer <mistake>
      Then the request is refused because the metadata contradicts itself

      Examples:
        | mistake                                               |
        | with both a key set and the URL of one                |
        | with two names for its certificate                    |
        | with an authentication method that nobody knows       |
        | with response types that do not fit the grant types   |
        | with a private key in its key set                     |
        | with a body that is no JSON                           |
        | with a list in place of the JSON object               |
        | with a login and nowhere to return to                 |
        | with a login that returns to no address               |

    @AUTH-020
    Scenario: Nobody registers without a certificate
      When the requesting payer registers with the responding payer
      And the requesting payer registers with the responding payer without a certificate
      Then the request is refused because the caller is a stranger

    @AUTH-020
    Scenario: Nobody registers whom the community does not know
      When the requesting payer registers with the responding payer
      And a stranger registers with the responding payer
      And the requesting payer connects to the responding payer without a certificate
      Then the request is refused because the caller is a stranger

  Rule: A registration is its client's own

    @AUTH-029
    Scenario: It is read, changed and deleted by its own token
      When the requesting payer registers with the responding payer
      And the requesting payer asks the responding payer for a token to match members
      And the requesting payer reads, changes and deletes its registration with the responding payer
      And the requesting payer asks the responding payer for a token to match members
      Then the server lets a registration be managed by its own token

  Rule: UDAP is another way to register

    @AUTH-103 @AUTH-105 @AUTH-106
    Scenario Outline: <who> registers by a UDAP software statement
      When <who> registers in the UDAP way with the responding payer
      Then the server registers UDAP clients
      And the client registered as UDAP wants it

      Examples:
        | who                  |
        | the requesting payer |
        | another payer        |

    @AUTH-106
    Scenario Outline: A UDAP registration comes <mistake>
      When the requesting payer registers in the UDAP way with the responding payer
      And the requesting payer registers in the UDAP way with the responding payer <mistake>
      Then the request is refused because the UDAP statement does not hold

      Examples:
        | mistake                                                      |
        | with a statement that is not signed                          |
        | with a statement signed by another key than its certificate  |
        | with a statement that has expired                            |
        | with a statement that lives an hour                          |
        | with a statement for another server                          |
        | with a statement whose issuer is not in its certificate      |
        | with a statement about another subject                       |
        | with a statement whose certificate is signed by itself       |
        | with a statement whose certificate nobody trusts             |
        | with a statement that was used before                        |
        | with an authentication method that nobody knows              |

    @AUTH-107
    Scenario: The same issuer again changes its registration, and without grants ends it
      When the requesting payer registers in the UDAP way with the responding payer
      And the requesting payer registers in the UDAP way with the responding payer with the scope of the operation alone
      And the requesting payer asks the responding payer for a token to match members
      And the requesting payer registers in the UDAP way with the responding payer with no grant types
      And the requesting payer asks the responding payer for a token to match members
      Then the server changes and ends UDAP registrations
