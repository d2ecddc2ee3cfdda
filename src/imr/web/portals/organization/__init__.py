"""The review organization: intake, coordination and quality, reviewers, parties, mail and letters to serve."""
