@pdex @payer-to-payer
Feature: What the server declares, and what it does
  The old plan declares what it offers; what it declares works, and what works is
  declared. Each type is tried with values of the member's own data.

  PDex CapabilityStatements pdex-server and pdex-server-6-1; Bulk Data CapabilityStatement.

  Background:
    Given the payers belong to the trust community
    And the responding payer insures Iris Ito
    And the responding payer insures Ana Adams
    And the requesting payer holds a token for the data of Ana Adams

  Rule: The statement as a whole

    @BULK-098 @CORE-001 @PDEX-327 @PDEX-328 @PDEX-341 @PDEX-343 @PDEX-344 @PDEX-379
    Scenario: It is there, and declares the match and the export
      When the requesting payer reads the CapabilityStatement at the responding payer
      And the requesting payer retrieves the member from the responding payer by $everything
      Then the CapabilityStatement is there for everybody
      And the CapabilityStatement declares the match and the export
      And the CapabilityStatement declares no more than works

    @CORE-056 @PDEX-002
    Scenario: What works is declared
      When the requesting payer retrieves the member from the responding payer by every method
      And the requesting payer reads one of each type again at the responding payer
      And the requesting payer reads versions and histories at the responding payer
      And the requesting payer searches documents by $docref at the responding payer
      And the requesting payer reads its documents at the responding payer
      Then the CapabilityStatement declares all that works

    @PDEX-003
    Scenario: Each type of the table can be read and searched
      When the requesting payer retrieves the member from the responding payer by search
      And the requesting payer tries what the responding payer offers for Location
      And the requesting payer tries what the responding payer offers for Organization
      And the requesting payer tries what the responding payer offers for Practitioner
      And the requesting payer tries what the responding payer offers for PractitionerRole
      And the requesting payer reads one of each type again at the responding payer
      Then the CapabilityStatement declares what works: reading and searching each type

    @PDEX-362
    Scenario: Devices are found by type
      When the requesting payer searches devices by type at the responding payer
      Then the CapabilityStatement lets devices be found by type

    @PDEX-353
    Scenario: Consents are found by patient, where they are offered
      When the requesting payer tries what the responding payer offers for Consent
      Then the CapabilityStatement lets consents be found by patient

  Rule: Type by type

    Scenario Outline: The new plan tries <type>
      When the requesting payer tries what the responding payer offers for <type>
      Then <type> is offered as the CapabilityStatements of PDex say

      @PDEX-380 @PDEX-381
      Examples:
        | type |
        | AllergyIntolerance |

      @PDEX-382 @PDEX-383
      Examples:
        | type |
        | CarePlan |

      @PDEX-384 @PDEX-385
      Examples:
        | type |
        | CareTeam |

      @PDEX-386 @PDEX-387
      Examples:
        | type |
        | Condition |

      @PDEX-388
      Examples:
        | type |
        | Consent |

      @PDEX-389 @PDEX-390
      Examples:
        | type |
        | Coverage |

      @PDEX-391 @PDEX-392
      Examples:
        | type |
        | Device |

      @PDEX-393 @PDEX-394
      Examples:
        | type |
        | DiagnosticReport |

      @PDEX-395 @PDEX-396
      Examples:
        | type |
        | DocumentReference |

      @PDEX-397 @PDEX-398
      Examples:
        | type |
        | Encounter |

      @PDEX-399
      Examples:
        | type |
        | Endpoint |

      @PDEX-400 @PDEX-401
      Examples:
        | type |
        | ExplanationOfBenefit |

      @PDEX-402 @PDEX-403
      Examples:
        | type |
        | Goal |

      @PDEX-404 @PDEX-405
      Examples:
        | type |
        | Group |

      @PDEX-406 @PDEX-407
      Examples:
        | type |
        | Immunization |

      @PDEX-408 @PDEX-409
      Examples:
        | type |
        | Location |

      @PDEX-410 @PDEX-411
      Examples:
        | type |
        | Medication |

      @PDEX-412 @PDEX-413
      Examples:
        | type |
        | MedicationDispense |

      @PDEX-414 @PDEX-415
      Examples:
        | type |
        | MedicationRequest |

      @PDEX-416 @PDEX-417
      Examples:
        | type |
        | Observation |

      @PDEX-418 @PDEX-419
      Examples:
        | type |
        | Organization |

      @PDEX-420 @PDEX-421
      Examples:
        | type |
        | Patient |

      @PDEX-422 @PDEX-423
      Examples:
        | type |
        | Practitioner |

      @PDEX-424 @PDEX-425
      Examples:
        | type |
        | PractitionerRole |

      @PDEX-426 @PDEX-427
      Examples:
        | type |
        | Procedure |

      @PDEX-428 @PDEX-429
      Examples:
        | type |
        | Provenance |

      @PDEX-430
      Examples:
        | type |
        | Questionnaire |

      @PDEX-431 @PDEX-432
      Examples:
        | type |
        | QuestionnaireResponse |

      @PDEX-435 @PDEX-436
      Examples:
        | type |
        | ServiceRequest |

      @PDEX-437 @PDEX-438
      Examples:
        | type |
        | Specimen |

    @PDEX-433 @PDEX-434
    Scenario: The new plan tries RelatedPerson, with a member who has one
      Given the responding payer insures Jack Jones
      And the requesting payer holds a token for the data of Jack Jones
      When the requesting payer tries what the responding payer offers for RelatedPerson
      Then RelatedPerson is offered as the CapabilityStatements of PDex say
