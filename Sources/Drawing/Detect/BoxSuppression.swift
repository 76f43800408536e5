import Raster

/// Greedy non-maximum suppression: of boxes that overlap, the best stays.
enum BoxSuppression {
    /// How the overlap of two boxes is measured, 0…1.
    enum Measure {
        /// Shared area over the area of both together.
        case union
        /// Shared area over the smaller box, so that a box inside another counts as 1.
        case minimum

        func overlap(_ a: Box, _ b: Box) -> Double {
            switch self {
            case .union:
                return a.overlap(b)
            case .minimum:
                let smaller = min(a.area, b.area)
                return smaller > 0 ? a.intersection(b) / smaller : 0
            }
        }
    }

    /// The elements that stay, best first. The result does not depend on the order of `elements`.
    ///
    /// - Parameters:
    ///   - threshold: boxes that overlap more than this exclude each other.
    ///   - merit: the larger wins; boxes of equal merit are ordered by where they lie.
    static func keep<Element>(
        _ elements: [Element], threshold: Double, measure: Measure, box: (Element) -> Box, merit: (Element) -> Double
    ) -> [Element] {
        let ranked = elements.map { (element: $0, box: box($0), merit: merit($0)) }
            .sorted { precedes(($0.merit, $0.box), ($1.merit, $1.box)) }
        var kept: [(element: Element, box: Box)] = []
        for candidate in ranked where !kept.contains(where: { measure.overlap($0.box, candidate.box) > threshold }) {
            kept.append((candidate.element, candidate.box))
        }
        return kept.map(\.element)
    }

    /// A strict order: greater merit, then further up, further left, taller, wider.
    static func precedes(_ a: (merit: Double, box: Box), _ b: (merit: Double, box: Box)) -> Bool {
        if a.merit != b.merit { return a.merit > b.merit }
        return (a.box.y, a.box.x, -a.box.height, -a.box.width) < (b.box.y, b.box.x, -b.box.height, -b.box.width)
    }
}
