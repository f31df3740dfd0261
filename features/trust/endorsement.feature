@trust @endorsement
Feature: The trust manager endorses a payer
  The guide leaves open how a certificate is signed: the manager may certify
  the payer's key anew, or sign around the certificate as it is. Either way the
  payer gets back what it can show, and what others need to verify it.

  PDex, Payer-to-Payer Exchange, Trust Framework, steps 3 and 4.

  @PDEX-085 @PDEX-086 @NDH-021
  Scenario Outline: The payer gets the endorsed certificate and the manager's own
    Given the requesting payer applies to the trust community
    And the trust manager verifies the application of the requesting payer
    When the trust manager endorses the requesting payer with <form>
    Then the trust manager has endorsed the key of the payer

    Examples:
      | form                  |
      | a new certificate     |
      | a signature around it |
