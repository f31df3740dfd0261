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

  @PDEX-087 @PDEX-088 @PDEX-089 @PDEX-093 @PDEX-094 @PDEX-478 @PDEX-479 @PDEX-480 @PDEX-481 @PDEX-482 @PDEX-483
  @NDH-001 @NDH-002 @NDH-003 @NDH-004 @NDH-005 @NDH-006 @NDH-007 @NDH-008 @NDH-009 @NDH-010 @NDH-011 @NDH-012
  @NDH-013 @NDH-014 @NDH-015 @NDH-016 @NDH-027 @NDH-028
  Scenario: It is complete and signed, and says how to connect, who is responsible and who endorsed it
    Then the published bundle is complete
    And the published bundle is signed by a member
    And the published bundle says how to connect
    And the published bundle names its servers
    And the published bundle says who is responsible
    And the published bundle carries its endorsement
    And the published bundle meets the profiles of its entries
