@trust @discovery
Feature: Finding the authorization server
  Before a payer asks for anything, it reads where clients register, where tokens
  are given, and how clients prove who they are.

  SMART App Launch 2.2, "Conformance"; RFC 8414; RFC 8705; UDAP Security 2.0, "Discovery".

  Background:
    Given the payers belong to the trust community

  @AUTH-001 @AUTH-002 @AUTH-003 @AUTH-004 @AUTH-010 @AUTH-090 @HREX-049
  Scenario: Anybody can find out how to talk to the old plan
    When the requesting payer reads every discovery document of the responding payer
    Then the server can be discovered by everybody

  @AUTH-012
  Scenario: The metadata says that tokens are bound to certificates, and where
    When the requesting payer reads every discovery document of the responding payer
    And the requesting payer registers with the responding payer
    And the requesting payer asks the responding payer for a token to match members
    Then the server tells of mutual TLS in its metadata

  @AUTH-100 @AUTH-101 @AUTH-102 @AUTH-104
  Scenario: A payer that offers UDAP says so, and signs it
    When the requesting payer reads every discovery document of the responding payer
    Then the server has sound UDAP metadata

  @AUTH-005
  Scenario: Every scope that is listed is really granted
    Given the responding payer insures Ana Adams
    And the requesting payer has matched Ana Adams with the responding payer and may see everything
    When the requesting payer registers with the responding payer with every scope on offer
    And the requesting payer asks the responding payer for a token to match members
    And the requesting payer asks the responding payer to match Ana Adams and share everything
    And the requesting payer asks the responding payer for each scope on offer, for Ana Adams
    Then the server grants every scope that it lists

  @AUTH-113
  Scenario: A certificate must be by an authority and name its organization by URI
    When the requesting payer connects to the responding payer with its own certificate
    And the requesting payer connects to the responding payer without a certificate
    And the requesting payer connects to the responding payer with a certificate signed by itself
    And the requesting payer connects to the responding payer with a certificate that names a host instead of a URI
    Then the server wants certificates of an authority that name a URI
