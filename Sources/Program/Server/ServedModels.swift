import Generations
import HedraAPI
import SyncAPI

extension ModelCatalog {
    /// The models of this server: under their own names, and under those by which each interface offers them.
    static let served = standard.adding(SyncModels.retired).adding(HedraModels.identifiers)
}
