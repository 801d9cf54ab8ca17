"""Acts at once. Each race stands beside its twin, which takes away what keeps the rivals apart and shows the harm.

| race | where |
|---|---|
| two families and one place | `test_places.TestTwoFamiliesAndOnePlace` |
| one family twice: applying, a double click, two devices | `test_places.TestOneFamilyThatAppliesTwice`, `TestADoubleClickOnAChoice`, `TestOneFamilyThatChoosesOnTwoDevices` |
| a choice against the lapse of its voucher | `test_places.TestAChoiceAtTheLastMoment` |
| a choice against the kindergarten that takes the place back | `test_places.TestAPlaceTakenBackWhileAFamilyChooses` |
| a waiting-list offer against a publication | `test_places.TestAPlaceFreedWhileAnotherIsPublished` |
| accepting a waiting-list offer against its lapse | `test_cases.TestAnOfferAcceptedAtTheLastMoment` |
| a transfer against leaving | `test_places.TestATransferSignedWhileTheChildLeaves` |
| the kindergarten refuses while the family signs | `test_places.TestARefusalWhileTheFamilySigns` |
| the kindergarten sends the contract while the family gives the place up | `test_cases.TestAContractSentWhileTheFamilyGivesThePlaceUp` |
| the extension asked twice | `test_cases.TestAnExtensionAskedTwice` |
| two officers and one claim | `test_cases.TestTwoOfficersAndOneClaim` |
| a distribution run against a family that chooses | `test_runs.TestARunWhileAFamilyChooses` |
| a distribution run against a withdrawal | `test_runs.TestARunWhileAFamilyWithdraws` |
| a distribution run against a benefit confirmed meanwhile | `test_runs.TestARunWhileABenefitIsConfirmed` |
| two officers and one run | `test_runs.TestTwoOfficersAndOneRun` |
| an application against the yearly renewal | `test_runs.TestAnApplicationWhileTheLineIsRenewed` |
| two looks of the nightly checks | `test_cases.TestTwoLooksOfTheChecks` |
"""
