"""The seven steps of a campaign, one chapter each: `tell(story)`."""
