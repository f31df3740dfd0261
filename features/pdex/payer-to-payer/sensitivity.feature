@pdex @payer-to-payer
Feature: Sensitive data
  A member who lets only non-sensitive data go has the sensitive records left out
  everywhere; one who lets everything go has them sent.

  PDex, "Evaluation of Consent"; HRex, hrex-consent-policy.

  Background:
    Given the payers belong to the trust community
    And the responding payer insures Iris Ito
    And the responding payer insures Grace Green

    @BULK-005 @HREX-058 @PDEX-126 @PDEX-129 @PDEX-136 @PDEX-137
    Scenario: Only what is not sensitive
      Given the requesting payer holds a token for the non-sensitive data of Grace Green
      When the requesting payer retrieves the member from the responding payer by every method
      Then the data keeps to what the client may see
      And the data is the whole record, by every method alike
      And the data holds nothing of another member

    @PDEX-137
    Scenario: A sensitive record cannot be had by its id either
      Given the requesting payer holds a token for the non-sensitive data of Grace Green
      When the requesting payer retrieves the member from the responding payer by $everything
      And the requesting payer searches Observations and Conditions in small pages at the responding payer
      And the requesting payer reads what is kept back from it at the responding payer
      Then the data keeps to what the client may see, on this route

    @PDEX-137
    Scenario: The later of two consents counts
      Given the requesting payer holds a token for the data of Grace Green
      And the requesting payer holds a token for the non-sensitive data of Grace Green
      When the requesting payer retrieves the member from the responding payer by $everything
      And the requesting payer searches Observations and Conditions in small pages at the responding payer
      And the requesting payer reads what is kept back from it at the responding payer
      Then the data keeps to what the client may see, on this route

    @PDEX-126
    Scenario: Everything, where the member lets everything go
      Given the requesting payer holds a token for the data of Grace Green
      When the requesting payer retrieves the member from the responding payer by every method
      Then the data is the whole record, by every method alike
