"""The nouns and verbs of the CRM for other programs: the same services, policy and refusals as the pages."""
