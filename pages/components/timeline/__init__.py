"""What the page Over time is made of: tiers week by week, who came and who left."""
