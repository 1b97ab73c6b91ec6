"""Documents for people: build sheets for CRM products and the report of a period."""
