import Raster

extension Rims {
    /// Wrinkles and the edges of deep sockets lie like rims, and a line over the nose may be a fold. But the network
    /// has drawn none of them, and of most frames some part: where it has not drawn the bridge, the skin has to be
    /// smooth, the lenses wide, and all signs clear.
    ///
    /// Of lenses without rims all around the network's drawing is better than a whole shape.
    ///
    /// - Parameters:
    ///   - parts: rims and bridge, where the photograph shows them.
    ///   - darks: thin ones of the drawing.
    ///   - features: where eyes and brows are drawn, 0…1.
    ///   - likeness: how much each place of the photograph looks like a part of a frame, 0…1.
    func areSure(_ parts: [FramePart], _ darks: Plane, _ features: Plane, _ likeness: Plane, _ region: EyeRegion)
        -> Bool
    {
        guard let bridge = parts.last else { return false }
        let closed = parts.filter(\.isClosed)
        func seen(_ places: [Int]) -> Double {
            let all = closed.flatMap { rim in places.map { rim.seen[$0] } }
            return all.reduce(0, +) / Double(max(all.count, 1))
        }
        guard seen(Self.bottom + Self.outerSide) > 0.5 else { return false }
        let drawnBridge = bridge.darkest(darks, within: 0.04 * region.unit, region).map { smoothstep(1, 6, $0) }
        if drawnBridge.reduce(0, +) > 0.8 * Float(drawnBridge.count) { return true }
        let wrinkles = region.wrinkles(likeness)
        guard shape.halfWidth > 0.39, wrinkles.forehead < 0.03, wrinkles.cheeks < 0.06 else { return false }
        // Thin metal in soft light is hardly darker than the bridge of a nose: of rims that are seen all around less of
        // it will do.
        let inner = seen(Self.innerSide), areWhole = inner > 0.75 && seen(Self.bottom + Self.outerSide) > 0.8
        let leastBridge = areWhole ? 0.2 : 0.5
        guard bridge.seen.reduce(0, +) > leastBridge * Double(bridge.seen.count), inner > 0.6 else {
            return false
        }
        let shown = closed.flatMap { part in
            zip(part.line, part.darkest(darks, within: 0.03 * region.unit, region)).filter {
                region.value(features, $0.0) < 0.5
            }.map(\.1)
        }
        return Double(shown.filter { $0 > 5 }.count) > 0.25 * Double(shown.count)
    }
}
