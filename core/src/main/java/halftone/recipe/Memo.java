package halftone.recipe;
