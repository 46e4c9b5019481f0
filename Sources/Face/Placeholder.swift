enum FacePlaceholder {}
