enum SpeechPlaceholder {}
