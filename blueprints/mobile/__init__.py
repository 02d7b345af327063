"""The pages behind the links that bot and card give: a campaign or an order to look at in any browser."""
