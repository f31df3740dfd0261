@trust @mutual-tls
Feature: Mutual TLS between payers
  Before a payer asks for anything it shows its certificate, and the other side
  looks it up. Whoever is no member in good standing gets no further than the
  handshake, or is turned away by the first answer.

  PDex, mTLS endpoint discovery; HRex security, sec-9 to sec-15; RFC 8705.

  Background:
    Given the payers belong to the trust community

  Rule: Members are served

    @PDEX-097 @PDEX-098
    Scenario: Two members with keys of different kinds connect
      When the requesting payer connects to the responding payer with its own certificate
      And another payer connects to the responding payer with its own certificate
      And a stranger connects to the responding payer without being a member
      Then mutual TLS is for members alone

    @HREX-053
    Scenario: The certificate of a payer names it by URI
      When the requesting payer connects to the responding payer with its own certificate
      Then mutual TLS names the requesting payer by URI

  Rule: A certificate that is wrong in one way opens nothing

    @PDEX-097 @PDEX-098
    Scenario: Without a certificate
      When the requesting payer connects to the responding payer with its own certificate
      And the requesting payer connects to the responding payer without a certificate
      Then mutual TLS is for members alone

    @PDEX-097 @PDEX-098
    Scenario Outline: The good certificate is accepted, the wrong one is not
      When the requesting payer connects to the responding payer with its own certificate
      And the requesting payer connects to the responding payer with a certificate <mistake>
      Then mutual TLS is for members alone

      Examples: Dates
        | mistake                |
        | that has expired       |
        | that is not valid yet  |

      Examples: Use and strength
        | mistake               |
        | for servers only      |
        | for signing code only |
        | with a short key      |

      Examples: Who signed it
        | mistake                                   |
        | signed by an authority that nobody trusts |
        | signed by an impostor of the authority    |
        | signed by a member                        |

      Examples: Whom it names
        | mistake                                       |
        | that names another payer                      |
        | that names a host instead of a URI            |
        | that names an e-mail address instead of a URI |
        | that names nobody                             |

      Examples: What the repository says of it
        | mistake                     |
        | that it never published     |
        | of nobody in the repository |

      Examples: Revoked
        | mistake         |
        | revoked by list |
        | revoked by OCSP |

    @HREX-052 @AUTH-085
    Scenario: A self-signed certificate is refused
      Given the requesting payer discovers the responding payer
      When the requesting payer connects to the responding payer with its own certificate
      And the requesting payer connects to the responding payer without a certificate
      And the requesting payer connects to the responding payer with a certificate signed by itself
      Then mutual TLS is not for self-signed certificates

  Rule: Half a membership is none

    @PDEX-097 @PDEX-098
    Scenario: Endorsed, and not published
      Given another payer is endorsed and not published
      When the requesting payer connects to the responding payer with its own certificate
      And another payer connects to the responding payer without having published
      Then mutual TLS is for members alone

    @PDEX-097 @PDEX-098
    Scenario: Removed from the community
      Given another payer is removed from the community
      When the requesting payer connects to the responding payer with its own certificate
      And another payer connects to the responding payer after it was removed
      Then mutual TLS is for members alone

  Rule: The server is looked up too

    @PDEX-098
    Scenario: A server shows another certificate than its payer published
      Given the responding payer is endorsed by the trust manager
      And the responding payer publishes its endpoint bundle
      And the requesting payer reads the repository
      And the requesting payer connects to the responding payer where the repository says
      When the responding payer publishes another certificate than its server shows
      And the requesting payer reads the repository
      And the requesting payer connects to the responding payer where the repository says
      Then the members hang up on a server that shows another certificate

  Rule: TLS is current

    @AUTH-110 @HREX-047
    Scenario: TLS 1.3 and 1.2 are spoken, 1.1 and 1.0 are not
      When the requesting payer connects to the responding payer by TLS 1.3
      And the requesting payer connects to the responding payer by TLS 1.2
      And the requesting payer connects to the responding payer by TLS 1.1
      And the requesting payer connects to the responding payer by TLS 1.0
      Then mutual TLS is by current TLS alone
      And the server speaks current TLS alone

  Rule: OAuth rests on it

    @HREX-048 @HREX-051
    Scenario: The authorization server declares it
      When the requesting payer reads every discovery document of the responding payer
      And the requesting payer connects to the responding payer without a certificate
      Then mutual TLS is declared

    @PDEX-095 @NDH-018
    Scenario: The CapabilityStatement leads to the SMART endpoints
      When the requesting payer discovers the responding payer
      And the requesting payer connects to the responding payer with its own certificate
      Then mutual TLS leads to the SMART endpoints

    @NDH-025
    Scenario: UDAP is offered as well
      When the requesting payer discovers the responding payer
      Then UDAP is offered beside mutual TLS

    @PDEX-096 @NDH-017
    Scenario: Registration is for members, over mutual TLS
      When the requesting payer registers with the responding payer
      And another payer registers with the responding payer without a certificate
      And a stranger registers with the responding payer
      Then mutual TLS guards registration

    @AUTH-082
    Scenario: A certificate is registered by one name
      When the requesting payer registers with the responding payer with its certificate as its credential
      And another payer registers with the responding payer with two names for its certificate
      Then mutual TLS is registered by one name

    @AUTH-080 @AUTH-081
    Scenario: Another member cannot use the client_id of this one
      Given the requesting payer registers with the responding payer with its certificate as its credential
      And the requesting payer asks the responding payer for a token to match members
      When another payer asks the responding payer for a token as the requesting payer
      Then mutual TLS identifies the client

    @AUTH-083 @AUTH-084
    Scenario: A token is good over the connection that it was granted over
      Given the responding payer insures Ana Adams
      And the requesting payer holds a token for the data of Ana Adams
      When the requesting payer uses its token with the responding payer over its connection and over a bare one
      And another payer uses the token of the requesting payer with the responding payer
      Then mutual TLS binds tokens to certificates

    @AUTH-083
    Scenario: The server tells whoever asks which certificate a token is bound to
      Given the responding payer insures Ana Adams
      And the requesting payer holds a token for the data of Ana Adams
      When the requesting payer asks the responding payer what its token for the data is good for
      Then mutual TLS shows in what is told of a token
