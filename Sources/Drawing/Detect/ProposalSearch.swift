import Raster

/// The first network's search for faces of all sizes, on a pyramid of the picture.
///
/// A level is 1/√2 as large in side as the one before it (0.709 as published), so that with the usual smallest face
/// each second one is a level of the scene itself; the last holds one window.
///
/// The two largest levels have three quarters of all pixels. What the network takes for a face in them, it does not
/// take for nothing in the third either, where it fills half of a window or more: of 1647 faces of 24 to 60 pixels on
/// sharp, noisy, blurred and dark pictures none had less than 0.052 there. So the two are looked at about that alone,
/// and along the picture's border, where a larger window does not reach (0.0025).
struct ProposalSearch {
    private let network: ProposalNetwork
    private let levels: [DetectionLadder.Shrunk]
    private let threshold: Double

    /// Levels that are looked at in part, where there is one to go by.
    private static let partial = 2
    /// Least probability in the level after them that something is looked at closely.
    static let inkling: Float = 0.02
    /// How far from the middle of a window that gave it, in pixels of the level that is looked at.
    private static let nearness = 12.0

    /// - Parameters:
    ///   - scale: side of the largest level over that of the picture, at most 1.
    ///   - threshold: least probability of a face.
    init(_ network: ProposalNetwork, _ ladder: DetectionLadder, scale: Double, threshold: Double) {
        (self.network, self.threshold) = (network, threshold)
        func length(_ whole: Int, _ index: Int) -> Int {
            // In halves and one root, so that a half is exactly one.
            let share = scale / Double(1 << (index / 2)) * (index % 2 == 0 ? 1 : 0.5.squareRoot())
            return Int((Double(whole) * share - 1e-6).rounded(.up))
        }
        var levels: [DetectionLadder.Shrunk] = []
        while levels.count < 64 {
            let (width, height) = (length(ladder.width, levels.count), length(ladder.height, levels.count))
            guard min(width, height) >= ProposalNetwork.window else { break }
            levels.append(ladder.shrunk(width: width, height: height))
        }
        self.levels = levels
    }

    /// What may be a face, for each level apart; of a level at most `most`, the best.
    func candidates(most: Int) throws -> [[MTCNN.Candidate]] {
        let partial = levels.count > Self.partial ? Self.partial : 0
        var grids = levels.prefix(partial).map(TileGrid.init)
        var found = [[MTCNN.Candidate]](repeating: [], count: levels.count)
        func add(_ answer: ProposalNetwork.Answer) {
            guard Double(answer.probability) >= threshold else { return }
            found[answer.level].append(candidate(answer))
            // Not sorted for each that comes.
            if found[answer.level].count >= 2 * most { found[answer.level] = MTCNN.best(found[answer.level], most) }
        }
        let whole = levels.indices.dropFirst(partial).flatMap { TileGrid(levels[$0]).tiles(ofLevel: $0, all: true) }
        try network.look(at: whole, of: levels, least: min(Self.inkling, Float(threshold))) { answer in
            if answer.level == partial { mark(answer, in: &grids) }
            add(answer)
        }
        let near = grids.indices.flatMap { grids[$0].tiles(ofLevel: $0, all: false) }
        try network.look(at: near, of: levels, least: Float(threshold), found: add)
        return found.map { MTCNN.best($0, most) }
    }

    private func candidate(_ answer: ProposalNetwork.Answer) -> MTCNN.Candidate {
        let scale = levels[answer.level].scale, side = Double(ProposalNetwork.window)
        return MTCNN.Candidate(
            box: Box(
                x: Double(answer.x) * scale.x, y: Double(answer.y) * scale.y, width: side * scale.x,
                height: side * scale.y),
            score: Double(answer.probability), correction: answer.correction)
    }

    private func mark(_ answer: ProposalNetwork.Answer, in grids: inout [TileGrid]) {
        let scale = levels[answer.level].scale, half = Double(ProposalNetwork.window) / 2
        for index in grids.indices {
            grids[index].want(
                x: (Double(answer.x) + half) * scale.x / levels[index].scale.x - half,
                y: (Double(answer.y) + half) * scale.y / levels[index].scale.y - half, within: Self.nearness)
        }
    }
}

/// Which of a level's tiles are looked at: those along its border to begin with.
private struct TileGrid {
    private let xs: [Int], ys: [Int]
    private var isWanted: [Bool]

    init(_ level: DetectionLadder.Shrunk) {
        let (xs, ys) = (ProposalNetwork.tileStarts(level.width), ProposalNetwork.tileStarts(level.height))
        isWanted = ys.indices.flatMap { row in
            xs.indices.map { row == 0 || row == ys.count - 1 || $0 == 0 || $0 == xs.count - 1 }
        }
        (self.xs, self.ys) = (xs, ys)
    }

    /// Adds the tiles of all windows that begin within `reach` of a place along both axes.
    mutating func want(x: Double, y: Double, within reach: Double) {
        func tiles(_ place: Double, _ count: Int) -> ClosedRange<Int> {
            func tile(_ place: Double) -> Int { min(max(Int(place / Double(ProposalNetwork.stride)), 0), count - 1) }
            return tile(place - reach)...tile(place + reach)
        }
        for row in tiles(y, ys.count) {
            for column in tiles(x, xs.count) { isWanted[row * xs.count + column] = true }
        }
    }

    /// - Parameter all: whether also those that are not wanted.
    func tiles(ofLevel level: Int, all: Bool) -> [ProposalNetwork.Tile] {
        isWanted.indices.filter { all || isWanted[$0] }.map {
            ProposalNetwork.Tile(level: level, x: xs[$0 % xs.count], y: ys[$0 / xs.count])
        }
    }
}
