@trust @endpoint-bundle
Feature: What a published endpoint bundle tells
  The bundle of a payer says where it answers, which certificate it shows, who
  stands behind it and who endorsed it. It is the only thing that another payer
  has to go by before the first connection.

  PDex, mTLS endpoint discovery; profiles mtls-bundle, mtls-endpoint and
  mtls-organization; extensions and codes of the National Directory.

  Background:
    Given the requesting payer reads the certificates of the community
    And the responding payer is endorsed by the trust manager
    And the responding payer publishes its endpoint bundle
    And the requesting payer reads the repository

  @PDEX-087 @PDEX-088 @PDEX-478 @NDH-001 @NDH-002 @NDH-003
  Scenario: It is complete
    Then the published bundle is complete

  @PDEX-093 @NDH-004
  Scenario: It is signed by a member of the community
    Then the published bundle is signed by a member

  @PDEX-479 @PDEX-480 @PDEX-482 @NDH-005 @NDH-006 @NDH-009 @NDH-010 @NDH-011 @NDH-012 @NDH-013
  Scenario: It says how to connect
    Then the published bundle says how to connect

  @PDEX-094 @NDH-007
  Scenario: It names the FHIR base and the registration endpoint
    Then the published bundle names its servers

  @PDEX-481 @PDEX-483 @NDH-014 @NDH-015
  Scenario: It says who is responsible
    Then the published bundle says who is responsible

  @PDEX-089 @NDH-008 @NDH-016 @NDH-028
  Scenario: It carries its endorsement
    Then the published bundle carries its endorsement

  @NDH-027
  Scenario: Its entries meet their profiles, though the bundle profile does not ask
    Then the published bundle meets the profiles of its entries
