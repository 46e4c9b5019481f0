import Foundation
import LipSync

/// The form in which a plan reaches the child that renders it.
enum PlanText {
    static func encode(_ plan: RenderPlan) throws -> [UInt8] { Array(try JSONEncoder().encode(plan)) }
}
