"""Evidence about one model, for the Back-test and Tune pages."""
