"""What the Leads page is made of: lists, filters, and one lead explained."""
