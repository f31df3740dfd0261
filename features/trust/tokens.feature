@trust @tokens
Feature: Tokens
  A registered client proves who it is and gets a token that is short-lived, bound
  to its certificate, and good for one thing: the match, or the data of one member
  whom it has matched and who consents.

  PDex, §189 and §222 to §224; SMART App Launch 2.2, "Backend Services"; RFC 6749, 6750, 7523, 7662, 8705; HRex, "Security".

  Background:
    Given the payers belong to the trust community
    And the requesting payer is registered with the responding payer

  Rule: Who proves who they are gets what was registered

    @AUTH-006 @AUTH-046 @AUTH-047 @AUTH-048 @AUTH-057 @AUTH-058 @AUTH-119
    Scenario: A token to match members
      Given the requesting payer registers with the responding payer
      When the requesting payer asks the responding payer for a token to match members
      Then the server grants the token
      And the client asked for its token as it should

    @AUTH-006 @AUTH-046 @AUTH-047 @AUTH-048 @AUTH-057 @AUTH-058 @PDEX-111
    Scenario: A token for the data of the member whom the match named
      Given the responding payer insures Ana Adams
      And the requesting payer registers with the responding payer
      And the requesting payer has matched Ana Adams with the responding payer and may see everything
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      Then the server grants the token for the member
      And the client asked for its token as it should
      And the client named the member in the subject

    @AUTH-043
    Scenario: Clients sign with either kind of key
      Given another payer is registered with the responding payer
      When the requesting payer asks the responding payer for a token to match members
      And another payer asks the responding payer for a token to match members
      Then the client signs with RSA and with elliptic curves

    @AUTH-057 @AUTH-058 @AUTH-080 @AUTH-119
    Scenario: The certificate alone is proof enough for who registered so
      When the requesting payer registers with the responding payer with its certificate as its credential
      And the requesting payer asks the responding payer for a token to match members
      Then the server grants the token
      And the client names itself beside its certificate

    @AUTH-057 @AUTH-058 @AUTH-119
    Scenario: An audience may stand in a list
      When the requesting payer asks the responding payer for a token to match members with its audience in a list
      Then the server grants the token

    @AUTH-117
    Scenario: An id may come again when its time is over
      When the requesting payer asks the responding payer for a token to match members
      And 6 minutes pass
      And the requesting payer asks the responding payer for a token to match members with the jti of an assertion that has expired
      Then the server forgets ids whose time is over

  Rule: Who does not, gets nothing

    Background:
      Given the requesting payer holds a token to match members of the responding payer

    @AUTH-049 @AUTH-055
    Scenario Outline: A token is asked for <mistake>
      When the requesting payer asks the responding payer for a token to match members <mistake>
      Then the request is refused because the assertion does not hold

      Examples:
        | mistake                                             |
        | with an assertion that has expired                  |
        | with an assertion without an expiry                 |
        | with an assertion whose expiry is a word            |
        | with an assertion that is not valid yet             |
        | with an assertion for another server                |
        | with an assertion for nobody                        |
        | with an assertion about another subject             |
        | with an assertion that was altered after signing    |
        | with an assertion signed with a stranger's key      |
        | with an assertion that is no JWT                    |

    @AUTH-050 @AUTH-055
    Scenario Outline: A token is asked for <mistake>
      When the requesting payer asks the responding payer for a token to match members <mistake>
      Then the request is refused because the assertion was used before

      Examples:
        | mistake                                            |
        | with an assertion that was used before             |
        | with the jti of an assertion that was used before  |
        | with an assertion without a jti                    |

    @AUTH-051
    Scenario Outline: A token is asked for <mistake>
      When the requesting payer asks the responding payer for a token to match members <mistake>
      Then the request is refused because the assertion lives too long

      Examples:
        | mistake                                   |
        | with an assertion that lives an hour      |
        | with an assertion that lives ten minutes  |

    @AUTH-052 @AUTH-055
    Scenario: A token is asked for as a client that nobody knows
      When the requesting payer asks the responding payer for a token to match members as a client that nobody knows
      Then the request is refused because the client is unknown

    @AUTH-053 @AUTH-055
    Scenario Outline: A token is asked for <mistake>
      When the requesting payer asks the responding payer for a token to match members <mistake>
      Then the request is refused because the key set was never registered

      Examples:
        | mistake                                                        |
        | with a stranger's key and the address of a stranger's key set  |
        | with the address of a stranger's key set                       |
        | with a stranger's key in the header                            |

    @AUTH-054 @AUTH-055
    Scenario Outline: A token is asked for <mistake>
      When the requesting payer asks the responding payer for a token to match members <mistake>
      Then the request is refused because no one key is found

      Examples:
        | mistake                         |
        | with a key id that nobody knows |
        | without a key id                |

    @AUTH-044 @AUTH-055
    Scenario Outline: A token is asked for <mistake>
      When the requesting payer asks the responding payer for a token to match members <mistake>
      Then the request is refused because the algorithm is none to believe

      Examples:
        | mistake                                                    |
        | with an assertion that is not signed                       |
        | with an assertion signed with the public key as a secret   |

    @AUTH-056
    Scenario Outline: A token is asked for <mistake>
      When the requesting payer asks the responding payer for a token to match members <mistake>
      Then the request is refused because it is no token request

      Examples:
        | mistake                               |
        | with another assertion type           |
        | without an assertion                  |
        | as JSON                               |
        | with the grant type twice             |
        | without a grant type                  |
        | with the grant type of a password     |
        | with a grant type that nobody knows   |
        | for a scope that nobody knows         |
        | for a scope that is malformed         |
        | for a scope that writes alone         |

    @AUTH-060
    Scenario Outline: A token is asked for <mistake>
      Given the requesting payer registers with the responding payer
      When the requesting payer asks the responding payer for a token to match members <mistake>
      Then the request is refused because it asks for more than was registered

      Examples:
        | mistake                                |
        | for a scope that was not registered    |
        | for a scope that writes                |
        | for a scope that writes alone          |
        | for a scope that nobody knows          |

    @AUTH-060
    Scenario: A client that registered for the match alone asks for data
      Given the responding payer insures Ana Adams
      And the requesting payer registers with the responding payer with the scope of the operation alone
      And the requesting payer asks the responding payer for a token to match members
      And the requesting payer asks the responding payer to match Ana Adams and share everything
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      Then the request is refused because it was not registered

    @AUTH-062
    Scenario: The letters of a scope are out of order
      When the requesting payer asks the responding payer for a token to match members for a scope whose letters are out of order
      Then the server grants nothing out of order

  Rule: The token to match members matches members

    Background:
      Given the responding payer insures Ana Adams
      And the requesting payer has matched Ana Adams with the responding payer and may see everything

    @AUTH-030 @AUTH-070 @PDEX-100
    Scenario: It opens no data
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer reads the Patient of Ana Adams at the responding payer with its token for the data
      And the requesting payer reads the Patient of Ana Adams at the responding payer with its token to match members
      Then the request is refused because the token is for the match alone

    @AUTH-070 @AUTH-071
    Scenario Outline: The match operation is called with <token>
      When the requesting payer calls the match operation of the responding payer with <token>
      Then the request is refused because the token is not good for it

      Examples:
        | token                        |
        | no token                     |
        | a token that nobody issued   |

    @AUTH-070 @AUTH-071
    Scenario: The match operation is called with a token whose time is over
      When 6 minutes pass
      And the requesting payer calls the match operation of the responding payer with its expired token to match members
      Then the request is refused because the token is not good for it

  Rule: The token for a member is for the data of that member, while they consent

    Background:
      Given the responding payer insures Ana Adams
      And the responding payer insures Iris Ito
      And the requesting payer has matched Ana Adams with the responding payer before

    @AUTH-115 @AUTH-118 @PDEX-113
    Scenario: It opens the record of the member who is its subject, and no other
      When the requesting payer asks the responding payer for a token for the data of Ana Adams, named in the subject of the assertion
      Then the server takes the member from the subject
      When the requesting payer reads the Patient of Ana Adams at the responding payer with its token for the data
      And the requesting payer reads the Patient of Iris Ito at the responding payer with its token for the data
      Then the server ties the token to that subject
      And the request is refused because the token is of another member

    @AUTH-115 @PDEX-113
    Scenario Outline: It opens no other record when the member is named <where>
      When the requesting payer asks the responding payer for a token for the data of Ana Adams, named <where>
      And the requesting payer reads the Patient of Ana Adams at the responding payer with its token for the data
      And the requesting payer reads the Patient of Iris Ito at the responding payer with its token for the data
      Then the request is refused because the token is of another member

      Examples:
        | where                           |
        | in an extension of the assertion |
        | in a parameter                  |

    @PDEX-112
    Scenario: A member identifier is as good as the id of the Patient
      When the requesting payer asks the responding payer for a token for the data of Ana Adams, named by the member identifier alone
      Then the server takes an identifier for the member
      When the requesting payer reads the Patient of Ana Adams at the responding payer with its token for the data
      And the requesting payer reads the Patient of Iris Ito at the responding payer with its token for the data
      Then the server resolves the identifier to the member

    @AUTH-112 @HREX-050 @HREX-054
    Scenario: It is good over its own certificate and over no other
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer uses its token with the responding payer over its connection and over a bare one
      And another payer uses the token of the requesting payer with the responding payer
      Then the server ties the token to the certificate

    @AUTH-070 @AUTH-071
    Scenario Outline: The record is asked for with <token>
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer reads the Patient of Ana Adams at the responding payer with its token for the data
      And the requesting payer reads the Patient of Ana Adams at the responding payer with <token>
      Then the request is refused because the token is not good for it

      Examples:
        | token                                 |
        | no token                              |
        | a token that nobody issued            |
        | its token for the data, altered       |

    @AUTH-070 @AUTH-071
    Scenario: The record is asked for with a token whose time is over
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer reads the Patient of Ana Adams at the responding payer with its token for the data
      And 6 minutes pass
      And the requesting payer reads the Patient of Ana Adams at the responding payer with its expired token for the data
      Then the request is refused because the token is not good for it

    @AUTH-070 @AUTH-071
    Scenario: The record is asked for with a token that was given back
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer reads the Patient of Ana Adams at the responding payer with its token for the data
      And the requesting payer gives its token for the data back to the responding payer
      And the requesting payer reads the Patient of Ana Adams at the responding payer with its revoked token for the data
      Then the request is refused because the token is not good for it

    @AUTH-030 @AUTH-070 @PDEX-100
    Scenario: No door opens to the token to match with
      Given the requesting payer has matched Ana Adams with the responding payer and may see everything
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer tries every door of the responding payer for Ana Adams with its token for the data
      And the requesting payer tries every door of the responding payer for Ana Adams with its token to match members
      Then the request is refused because the token is for the match alone

    @AUTH-070 @AUTH-071
    Scenario: No door opens to a token whose time is over
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer tries every door of the responding payer for Ana Adams with its token for the data
      And 6 minutes pass
      And the requesting payer tries every door of the responding payer for Ana Adams with its expired token for the data
      Then the request is refused because the token is not good for it

    @AUTH-070 @AUTH-071
    Scenario: No door opens to a token that was given back
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer tries every door of the responding payer for Ana Adams with its token for the data
      And the requesting payer gives its token for the data back to the responding payer
      And the requesting payer tries every door of the responding payer for Ana Adams with its revoked token for the data
      Then the request is refused because the token is not good for it

    @AUTH-070
    Scenario: The match operation is called with the token for the data
      Given the requesting payer has matched Ana Adams with the responding payer and may see everything
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer calls the match operation of the responding payer with its token for the data
      Then the request is refused because the token is for data alone

    @PDEX-113
    Scenario: It is not granted when the consent was revoked
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the consent of Ana Adams for the requesting payer is revoked
      And the requesting payer asks the responding payer for a token for the data of Ana Adams
      Then the request is refused because no consent is in force

    @PDEX-113
    Scenario: It is not granted when the consent has ended
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And 100 days pass
      And the requesting payer asks the responding payer for a token for the data of Ana Adams
      Then the request is refused because no consent is in force

    # Another payer matches Ana Adams nowhere: a consent that an earlier scenario or run brought would be in force still.
    @PDEX-113
    Scenario: It is not granted for a member whom the client has not matched
      When another payer holds a token for the data of Iris Ito
      And another payer asks the responding payer for a token for the data of Ana Adams
      Then the request is refused because no consent is in force

    @PDEX-113
    Scenario: It is not granted when the match was refused
      When another payer holds a token for the data of Iris Ito
      And another payer holds a token to match members of the responding payer
      And another payer asks the responding payer to match Ana Adams with a consent that ended yesterday
      And another payer asks the responding payer for a token for the data of Ana Adams
      Then the request is refused because no consent is in force

    @AUTH-115
    Scenario: It opens nothing once the consent was revoked
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer reads the Patient of Ana Adams at the responding payer with its token for the data
      And the consent of Ana Adams for the requesting payer is revoked
      And the requesting payer reads the Patient of Ana Adams at the responding payer with its token for the data, whose consent has ended
      Then the request is refused because the consent has ended since

    @AUTH-061
    Scenario: Reading is asked for in either syntax
      Given the requesting payer discovers the responding payer
      When the requesting payer asks the responding payer for a token for the data of Ana Adams for reading in the syntax of SMART 1
      And the requesting payer asks the responding payer for a token for the data of Ana Adams for reading in the syntax of SMART 2
      Then the server reads both syntaxes of scopes

    @AUTH-064
    Scenario: A scope for one type opens one type
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer reads the Patient of Ana Adams at the responding payer with its token for the data
      And the requesting payer asks the responding payer for a token for the data of Ana Adams for the data of one type
      And the requesting payer reads the Patient of Ana Adams at the responding payer with its token for the data
      And the requesting payer searches Observation at the responding payer with its token for the data
      Then the request is refused because the scope does not cover it

    @AUTH-063
    Scenario: A scope may be limited by a search
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer asks the responding payer for a token for the data of Ana Adams for laboratory results alone
      And the requesting payer searches Observation at the responding payer with its token for the data
      Then the server limits what is read by the search in the scope

    @AUTH-072
    Scenario: The client sends its token to nobody else
      When the requesting payer asks the responding payer for a token for the data of Ana Adams
      And the requesting payer searches DocumentReference at the responding payer with its token for the data
      Then the client keeps its token at home

  Rule: Who holds a token may ask what it is good for

    Background:
      Given the requesting payer holds a token to match members of the responding payer

    @AUTH-091
    Scenario: A token is described as it was granted
      When the requesting payer asks the responding payer what its token to match members is good for
      Then the server describes the token

    @AUTH-091
    Scenario: A token for a member says whom it is for
      Given the responding payer insures Ana Adams
      And the requesting payer holds a token for the data of Ana Adams
      When the requesting payer asks the responding payer what its token for the data is good for
      Then the server describes the token

    @AUTH-092
    Scenario: Nothing is told of a token that nobody issued
      When the requesting payer asks the responding payer what its token to match members is good for
      And the requesting payer asks the responding payer what a token that nobody issued is good for
      Then the server tells nothing of tokens that are not active

    @AUTH-092
    Scenario: Nothing is told of a token whose time is over
      When the requesting payer asks the responding payer what its token to match members is good for
      And 6 minutes pass
      And the requesting payer asks the responding payer what its token to match members is good for
      Then the server tells nothing of tokens that are not active

    @AUTH-092
    Scenario: Nothing is told of a token that was given back
      Given the responding payer insures Ana Adams
      And the requesting payer holds a token for the data of Ana Adams
      When the requesting payer asks the responding payer what its token for the data is good for
      And the requesting payer gives its token for the data back to the responding payer
      And the requesting payer asks the responding payer what its token for the data is good for
      Then the server tells nothing of tokens that are not active

    @AUTH-093
    Scenario Outline: Nothing is told to who asks <how>
      When the requesting payer asks the responding payer what its token to match members is good for
      And the requesting payer asks the responding payer what its token to match members is good for, <how>
      Then the server wants to know who asks

      Examples:
        | how                       |
        | without saying who it is  |
        | with a stranger's key     |

  Rule: UDAP clients say who asks and what for

    @AUTH-108 @AUTH-109
    Scenario: A UDAP client gets its token
      Given the requesting payer registers in the UDAP way with the responding payer
      When the requesting payer asks the responding payer for a token to match members
      Then the server gives UDAP clients tokens
      And the client asserted what UDAP wants

    @AUTH-109
    Scenario Outline: A UDAP client asks <mistake>
      Given the requesting payer registers in the UDAP way with the responding payer
      When the requesting payer asks the responding payer for a token to match members
      And the requesting payer asks the responding payer for a token to match members <mistake>
      Then the request is refused because it does not say who asks

      Examples:
        | mistake                                     |
        | without the extension that says who asks    |
        | with an extension of another version        |
        | with an extension that states no purpose    |

    @AUTH-116
    Scenario: RSA signatures are understood
      When another payer registers in the UDAP way with the responding payer
      Then the server understands RSA signatures

    @AUTH-116
    Scenario: An audience is compared letter by letter
      Given another payer registers in the UDAP way with the responding payer
      When another payer asks the responding payer for a token to match members
      And another payer asks the responding payer for a token to match members with an assertion for an audience with a slash at its end
      Then the request is refused because the audience is another string
