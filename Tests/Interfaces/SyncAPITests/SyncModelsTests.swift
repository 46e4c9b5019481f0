import Generations
import SyncAPI
import Testing

@Suite("Names of models in this interface")
struct SyncModelsTests {
    @Test("retired names mean the model of today that is nearest, and are in no list")
    func retired() {
        let catalog = ModelCatalog.standard.adding(SyncModels.retired)
        for name in ["lipsync-1.8.0", "lipsync-1.8.0-beta", "lipsync-1.7.1", "lipsync-1.6.0"] {
            #expect(catalog.model(named: name)?.name == "lipsync-1.9.0-beta")
            #expect(!catalog.models.contains { $0.name == name })
        }
    }

    @Test("the hosted service's prices are known for every model of the list")
    func prices() {
        #expect(SyncModels.publishedPrices.rate(of: "lipsync-2") == 0.002)
        #expect(SyncModels.publishedPrices.ratePerFrame.count == 5)
    }
}
