@trust @repository
Feature: The public repository of endpoint bundles
  Members find each other in a git repository. A payer puts its bundle on a
  branch, the trust manager reviews it and merges it into main, and everybody
  refreshes a copy.

  PDex, Payer-to-Payer Exchange, Trust Framework; mTLS endpoint discovery.

  Rule: Main changes by review alone

    @PDEX-090
    Scenario: A bundle is proposed on a branch, and never pushed to main
      Given the requesting payer is endorsed by the trust manager
      When the requesting payer pushes its endpoint bundle to main
      And the requesting payer proposes its endpoint bundle
      Then the trust manager keeps main for reviewed bundles

    @PDEX-091 @NDH-022
    Scenario: The manager merges a good bundle, and a payer cannot merge its own
      Given the requesting payer is endorsed by the trust manager
      When the requesting payer publishes its endpoint bundle
      And the requesting payer publishes a bundle with one Organization
      And the requesting payer approves the bundle of the requesting payer
      And the requesting payer reads the repository
      Then the trust manager merges good bundles and no others

    @PDEX-091 @NDH-022
    Scenario Outline: A wrong bundle stays off main
      Given another payer is endorsed by the trust manager
      And the requesting payer is endorsed by the trust manager
      When another payer publishes its endpoint bundle
      And the requesting payer publishes a bundle <mistake>
      And the trust manager rejects the bundle of the requesting payer
      And another payer reads the repository
      Then the trust manager merges good bundles and no others

      Examples:
        | mistake                                    |
        | without a signature                        |
        | with a certificate in place of the signature |
        | that was altered after signing             |
        | signed with a key that is not endorsed     |
        | about another organization                 |
        | without a timestamp                        |
        | from the future                            |
        | that is a searchset                        |
        | without an Endpoint                        |
        | with one Organization                      |
        | whose Endpoint is a test                   |
        | whose Endpoint has no signed object        |
        | whose address is not https                 |
        | whose Organization has a telephone         |
        | whose server type is a string              |
        | whose managing organization is not in it   |

    @PDEX-091 @NDH-022
    Scenario: A payer that is not endorsed publishes nothing
      Given another payer is endorsed by the trust manager
      When another payer publishes its endpoint bundle
      And the requesting payer publishes its endpoint bundle
      And another payer reads the repository
      Then the trust manager merges good bundles and no others

  Rule: Members keep their copy fresh

    @PDEX-092 @NDH-024
    Scenario: A payer moves, and members call its new address
      Given the payers belong to the trust community
      And the responding payer is endorsed by the trust manager
      When the responding payer publishes its endpoint bundle
      And the requesting payer reads the repository
      And the requesting payer connects to the responding payer where the repository says
      And the responding payer publishes a new address
      And the requesting payer reads the repository
      And the requesting payer connects to the responding payer where the repository says
      Then the members go where the repository says

    @PDEX-092 @NDH-024
    Scenario: A payer is removed, and members call it no more
      Given the payers belong to the trust community
      And the responding payer is endorsed by the trust manager
      When the responding payer publishes its endpoint bundle
      And the requesting payer reads the repository
      And the requesting payer connects to the responding payer where the repository says
      And the trust manager revokes the membership of the responding payer
      And the requesting payer reads the repository
      And the requesting payer connects to the responding payer where the repository says
      Then the members go where the repository says
