//! Charts as SVG: small, drawn for a narrow column, coloured by CSS variables.
