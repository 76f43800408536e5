; Draws every photograph of a folder with plug-in-anime-style and saves the drawings as PNG files in another folder.
;
; Without a window:
;
;   gimp-console-2.10 -i -d -f \
;     -b '(script-fu-anime-style-folder "/home/me/photos" "/home/me/drawings" "cel" 100)' \
;     -b '(gimp-quit 0)'
;
; In GIMP: Filters > Artistic > Anime Style Folder...
;
; A photograph that cannot be read or drawn is reported and the rest goes on. A drawing that exists already is kept, so
; that a run that was stopped goes on where it was when it is started again.

; The path without its folder and its extension.
(define (anime-style-base-name path)
  (let* ((name (car (reverse (strbreakup path "/"))))
         (parts (strbreakup name ".")))
    (if (null? (cdr parts))
        name
        (unbreakupstr (reverse (cdr (reverse parts))) "."))))

; Loads, draws and saves one photograph.
(define (anime-style-draw-file photo drawing style strength)
  (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE photo photo))))
    (if (= (car (gimp-image-base-type image)) INDEXED)
        (gimp-image-convert-rgb image))
    (let ((layer (car (gimp-image-get-active-layer image))))
      ; strength in percent; region 2: the whole photograph and its faces; keep no colors; lines as the style draws them;
      ; the smallest face chosen by the photograph's size; half precision; a new layer; -1: light, skin and hair as usual
      (plug-in-anime-style RUN-NONINTERACTIVE image layer style strength 2 0 100 0 1 0 -1 -1 -1))
    (let ((merged (car (gimp-image-merge-visible-layers image CLIP-TO-IMAGE))))
      (gimp-file-save RUN-NONINTERACTIVE image merged drawing drawing))
    (gimp-image-delete image)))

(define (script-fu-anime-style-folder folder out-folder style strength)
  (gimp-message-set-handler CONSOLE)
  (let ((count 0) (failures 0))
    (for-each
      (lambda (pattern)
        (for-each
          (lambda (photo)
            (let ((drawing (string-append out-folder "/" (anime-style-base-name photo) ".png")))
              (if (not (file-exists? drawing))
                  (catch
                    (begin
                      (set! failures (+ failures 1))
                      (gimp-message (string-append "Not drawn: " photo)))
                    (anime-style-draw-file photo drawing style strength)
                    (set! count (+ count 1))
                    (gimp-message (string-append "Drawn: " drawing))))))
          (cadr (file-glob (string-append folder "/" pattern) 1))))
      '("*.jpg" "*.JPG" "*.jpeg" "*.png" "*.PNG" "*.tif" "*.tiff" "*.webp"))
    (gimp-message (string-append (number->string count) " drawn, " (number->string failures) " failed"))))

(script-fu-register
  "script-fu-anime-style-folder"
  "Anime Style _Folder..."
  "Draws every photograph of a folder in the style of an anime; drawings that exist already are kept"
  "The gimp-anime-style authors"
  "The gimp-anime-style authors, Apache-2.0"
  "2026"
  ""
  SF-DIRNAME "Folder of photographs" ""
  SF-DIRNAME "Folder for drawings"   ""
  SF-STRING  "Style"                 "cel"
  SF-ADJUSTMENT "Strength (%)"       '(100 0 100 1 10 0 0))

(script-fu-menu-register "script-fu-anime-style-folder" "<Image>/Filters/Artistic")
