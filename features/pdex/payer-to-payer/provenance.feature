@pdex @payer-to-payer
Feature: Where the data is from
  Whatever leaves the old plan says who sent it, who it is from and in what form the
  old plan had received it.

  PDex, "PDex Provenance", "Handling Data Provenance"; HRex, hrex-provenance.

  Background:
    Given the payers belong to the trust community
    And the responding payer insures Ana Adams

    @HREX-030 @HREX-064 @HREX-065 @PDEX-062 @PDEX-063 @PDEX-064 @PDEX-066 @PDEX-069 @PDEX-074 @PDEX-075 @PDEX-078
    @PDEX-476 @PDEX-477
    Scenario: The data comes with its origin, the form in which it was received, and who transmits it
      Given the requesting payer holds a token for the data of Ana Adams
      When the requesting payer retrieves the member from the responding payer by every method
      Then the Provenance names the payer as transmitter in each exchange
      And the Provenance has its elements
      And the Provenance names agents that fit
      And the Provenance tells where the data is from
      And the Provenance tells in what form the data came
