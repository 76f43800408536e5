/// Which of the names that exist somebody may have meant.
public enum Similarity {
    /// The nearest of `known`, when it differs from `given` by few letters; `nil` when none does.
    public static func closest(to given: String, among known: [String]) -> String? {
        let letters = Array(given.lowercased())
        let most = letters.count < 4 ? 1 : min(3, letters.count / 2)
        let distances = known.map { ($0, distance(letters, Array($0.lowercased()))) }
        let nearest = distances.min { $0.1 < $1.1 }
        if let nearest, nearest.1 <= most { return nearest.0 }
        return letters.count < 3 ? nil : known.first { $0.lowercased().hasPrefix(given.lowercased()) }
    }

    /// How many letters have to be put in, left out, replaced or exchanged with their neighbour (optimal string
    /// alignment, after Damerau 1964).
    static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in 0...a.count { rows[i][0] = i }
        for j in 0...b.count { rows[0][j] = j }
        for i in a.indices {
            for j in b.indices {
                let replaced = rows[i][j] + (a[i] == b[j] ? 0 : 1)
                var best = min(replaced, rows[i][j + 1] + 1, rows[i + 1][j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
                rows[i + 1][j + 1] = best
            }
        }
        return rows[a.count][b.count]
    }
}
