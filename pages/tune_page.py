"""Tune: change points and thresholds and see what that would have done."""

from __future__ import annotations

import streamlit as st

st.title("Tune")
