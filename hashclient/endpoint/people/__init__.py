"""Answer people's programs: profile, submissions, status and withdrawal."""
