"""The document of a review: one content, laid out as a page to open anywhere and as slides to edit."""
