@trust @revocation
Feature: The end of a membership
  A membership ends when the trust manager revokes it: the bundle leaves main,
  the endorsed certificate is on the manager's list, and members turn the payer
  away once they have looked again.

  PDex, Payer-to-Payer Exchange, Trust Framework.

  @NDH-023
  Scenario: A revoked member leaves the repository and is listed
    Given the requesting payer is endorsed by the trust manager
    And the requesting payer publishes its endpoint bundle
    And another payer reads the repository
    When the trust manager revokes the membership of the requesting payer
    And another payer reads the repository
    And another payer reads the revocation list
    Then the trust manager has ended the membership

  @PDEX-097 @PDEX-098
  Scenario: A revoked member is turned away
    Given the requesting payer is endorsed by the trust manager
    And the requesting payer publishes its endpoint bundle
    And the requesting payer connects to the responding payer with its own certificate
    When the trust manager revokes the membership of the requesting payer
    And 10 minutes pass
    And the requesting payer connects to the responding payer after it was removed
    Then mutual TLS is for members alone
