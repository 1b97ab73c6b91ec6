"""The tuning console: inputs and live figures in one component, evaluated in the browser."""
