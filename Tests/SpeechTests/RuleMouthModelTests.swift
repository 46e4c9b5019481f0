import Media
import Speech
import Testing

@Test func placeholder() {}
