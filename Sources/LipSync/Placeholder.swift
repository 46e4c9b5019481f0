enum LipSyncPlaceholder {}
