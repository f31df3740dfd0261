@trust @onboarding
Feature: Becoming a member of the trust community
  Payers that have never met trust each other because both trust the same
  manager. A payer hands in its identity certificate and the signed agreement;
  the manager looks at both before it endorses anybody.

  PDex, Payer-to-Payer Exchange, Trust Framework, steps 1 to 4.

  Rule: The trust manager is somebody

    @PDEX-081
    Scenario: The manager's certificate comes from the authority that everybody trusts
      When the requesting payer reads the certificates of the community
      And the requesting payer applies to the trust community
      And the trust manager verifies the application of the requesting payer
      And the requesting payer tries to endorse itself
      Then the trust manager signs with a certificate of the authority

  Rule: An application holds certificate, agreement and signature

    @PDEX-082
    Scenario Outline: An application that lacks a part is turned away
      When another payer applies to the trust community
      And the requesting payer applies with an application <mistake>
      Then the trust manager takes in complete applications alone

      Examples:
        | mistake                                 |
        | without the agreement                   |
        | without the signature on the agreement  |
        | without the identity certificate        |
        | without the organization                |

  Rule: The certificate is looked at

    @PDEX-083 @NDH-019
    Scenario Outline: An application with a wrong certificate is refused
      Given another payer is endorsed by the trust manager
      When the requesting payer applies with a certificate <mistake>
      And the trust manager verifies the application of the requesting payer
      Then the trust manager has verified the certificate

      Examples:
        | mistake                                   |
        | that has expired                          |
        | that is not valid yet                     |
        | signed by itself                          |
        | signed by an authority that nobody trusts |
        | signed by an impostor of the authority    |
        | signed by a member                        |
        | that names a host instead of a URI        |
        | revoked by list                           |
        | revoked by OCSP                           |
        | with a short key                          |

  Rule: The agreement is looked at

    @PDEX-084 @NDH-020
    Scenario Outline: An agreement that the payer did not sign is refused
      Given another payer is endorsed by the trust manager
      When the requesting payer applies with an application <mistake>
      And the trust manager verifies the application of the requesting payer
      Then the trust manager has verified the agreement

      Examples:
        | mistake                                   |
        | whose agreement was altered after signing |
        | whose agreement is signed with another key |
