@pdex @payer-to-payer
Feature: Finding the endpoints of a payer
  Where a payer answers is written in a document that anybody may read, and that
  is asked again when an address does not answer any more.

  HRex, Endpoint Discovery.

  Background:
    Given the payers belong to the trust community

  @HREX-060 @HREX-063 @PDEX-019
  Scenario: The document is there for everybody
    When the requesting payer looks up the endpoints of the responding payer
    Then the endpoints are there for everybody to find

  @HREX-061
  Scenario: An endpoint is used whatever version its code carries
    When the requesting payer looks up the endpoints of the responding payer
    Then the requesting payer used the endpoint that was offered

  @HREX-062
  Scenario: An address has been given up
    When the requesting payer calls the responding payer at an address that was given up
    Then the requesting payer looked the endpoint up again
